/** Runs before the first paint, so that no visitor sees a flash of the other theme. */
const chosen = localStorage.getItem('pinwalk.theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
