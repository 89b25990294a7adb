export { Dialog, textOf } from './dialog.tsx';
export { IconButton } from './icon-button.tsx';
export { ProblemMessage } from './problem-message.tsx';
export { Segments } from './segments.tsx';
export { Skeletons } from './skeletons.tsx';
