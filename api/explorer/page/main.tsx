import { render } from 'preact';
import { App } from './shell/index.ts';

render(<App />, document.querySelector('#page')!);
