export { ChangeSaveButton } from './change-save-button.tsx';
export { SaveButton } from './save-button.tsx';
