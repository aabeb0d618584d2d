// The dashboard's page: takes snapshots, renders them, sends what the person asks for. It keeps nothing but its layout.

import { toEditor } from '../../src/protocol/dashboardApi.ts';
import type { toWebview } from '../../src/protocol/dashboardApi.ts';
import { connectEditor } from '../shared/ipc.ts';
import './dashboard.css';
import { createPage } from './page.ts';
import { readLayout } from './state.ts';

const link = connectEditor<typeof toEditor, typeof toWebview>(toEditor, {
	snapshot: ({ model }) => page.render(model),
});
const page = createPage({
	post: link.post,
	layout: readLayout(link.state.getState()),
	keepLayout: (layout) => link.state.setState(layout),
});
document.getElementById('page')?.replaceWith(page.element);
link.post('ready', {});
