export { InterestView } from './interest-view.tsx';
export { InterestsView } from './interests-view.tsx';
export { PersonInterests } from './person-interests.tsx';
