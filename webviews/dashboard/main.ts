// The dashboard's page: takes pictures and differences, renders them, sends what the person asks for. It keeps nothing but its layout.

import '../shared/language.ts';
import { toEditor } from '../../src/protocol/dashboardApi.ts';
import type { toWebview } from '../../src/protocol/dashboardApi.ts';
import { ToldState } from '../../src/protocol/dashboardState.ts';
import { connectEditor } from '../shared/ipc.ts';
import './dashboard.css';
import { readLayout } from './layout.ts';
import { createPage } from './page.ts';

const told = new ToldState();
const link = connectEditor<typeof toEditor, typeof toWebview>(toEditor, {
	snapshot(snapshot) {
		told.take(snapshot);
		page.render();
	},
	delta(delta) {
		if (told.apply(delta)) {
			page.render();
		} else {
			askAgain();
		}
	},
	drops: (answer) => page.takeDrops(answer),
	figure: (figure) => page.takeFigure(figure),
	found: (found) => page.takeFound(found),
});
const page = createPage({
	post: link.post,
	layout: readLayout(link.state.getState()),
	keepLayout: (layout) => link.state.setState(layout),
	told,
});
const askAgain = () => {
	const { tab, period } = page.layout();
	link.post('ready', { tab, period });
};
document.getElementById('page')?.replaceWith(page.element);
askAgain();
