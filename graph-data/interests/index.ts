export { type EarlierTree, buildTree } from './build-tree.ts';
export {
  type InterestEdit,
  type InterestEdits,
  editsFile,
  interestEditFields,
  readEdits,
  writeEdits,
} from './edits-file.ts';
export { type Interest, InterestTree } from './interest-tree.ts';
export { deleteTree, interestIdPattern, readTree, treeFile, writeTree } from './tree-file.ts';
