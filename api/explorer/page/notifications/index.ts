export { NotificationsView } from './notifications-view.tsx';
