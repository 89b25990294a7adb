/** Runs before anything is drawn, so that nobody sees the other colours first. */
const chosen = localStorage.getItem('pinwalk.theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
