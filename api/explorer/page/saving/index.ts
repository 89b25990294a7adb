export { SaveButton, SaveToButton, TakeOffButton } from './save-buttons.tsx';
