// The watch view's page: shows one run as it goes. It asks for the parts of the log it shows, and keeps nothing but where it stood.

import '../shared/language.ts';
import { toEditor } from '../../src/protocol/watchApi.ts';
import type { toWebview } from '../../src/protocol/watchApi.ts';
import { connectEditor } from '../shared/ipc.ts';
import { createPage } from './page.ts';
import './watch.css';
import { readState } from './watchState.ts';

const place = document.getElementById('page');
const link = connectEditor<typeof toEditor, typeof toWebview>(toEditor, {
	head: (news) => page.takeHead(news),
	evidence: (told) => page.takeEvidence(told),
	notice: ({ text }) => page.takeNotice(text),
	page: (answer) => page.takePage(answer),
});
const page = createPage({
	post: link.post,
	state: readState(link.state.getState(), place?.dataset['run'] ?? ''),
	keep: (state) => link.state.setState(state),
});
place?.replaceWith(page.element);
page.start();
link.post('ready', {});
