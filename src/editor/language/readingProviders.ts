// Owns what the editor shows of a board file without changing it: completions, hovers, definitions and references. What is true is
// worked out in core; here it only becomes the editor's own kinds of things.

import type {
	CompletionItemProvider,
	DefinitionProvider,
	HoverProvider,
	Position,
	ReferenceProvider,
	TextDocument,
} from 'vscode';
import { CompletionItem, CompletionItemKind, CompletionList, Hover, Location, MarkdownString } from 'vscode';
import { completeAt } from '../../core/boardLanguage/boardCompletions.ts';
import type { BoardSpot } from '../../core/boardLanguage/boardSpot.ts';
import { spotAt } from '../../core/boardLanguage/boardSpot.ts';
import { findMentions } from '../../core/boardLanguage/taskMentions.ts';
import type { WorkspaceSession } from '../workspaceSession.ts';
import type { BoardDocuments } from './boardDocuments.ts';
import { toRange } from './boardDocuments.ts';
import { taskHover } from './taskHover.ts';

const itemKinds = {
	task: CompletionItemKind.Reference,
	agent: CompletionItemKind.User,
	word: CompletionItemKind.EnumMember,
} as const;

export class ReadingProviders implements CompletionItemProvider, HoverProvider, DefinitionProvider, ReferenceProvider {
	private readonly session: WorkspaceSession;
	private readonly documents: BoardDocuments;

	constructor(session: WorkspaceSession, documents: BoardDocuments) {
		this.session = session;
		this.documents = documents;
	}

	provideCompletionItems(document: TextDocument, position: Position): CompletionList | undefined {
		if (this.documents.fileOf(document.uri) === undefined) {
			return undefined;
		}
		const { tasks, agents } = this.session.snapshot;
		const syntax = this.documents.syntaxOf(document);
		const list = completeAt(syntax, document.offsetAt(position), {
			tasks,
			agents: agents.map(({ agent }) => agent),
		});
		if (list === undefined) {
			return undefined;
		}
		const range = toRange(syntax, list.range);
		const items = list.items.map(({ text, label, kind, detail }, index) => {
			const item = new CompletionItem({ label, description: detail }, itemKinds[kind]);
			item.insertText = text;
			item.filterText = `${text} ${detail}`;
			item.range = range;
			item.sortText = String(index).padStart(6, '0');
			return item;
		});
		return new CompletionList(items, list.isCut);
	}

	provideHover(document: TextDocument, position: Position): Hover | undefined {
		const spot = this.spot(document, position);
		const id = spot === undefined ? undefined : idForHover(spot);
		const { snapshot } = this.session;
		const shown = id === undefined ? undefined : snapshot.tasks.get(id);
		if (spot?.token === undefined || shown === undefined) {
			return undefined;
		}
		const markdown = new MarkdownString(taskHover(snapshot, shown, Date.now()));
		markdown.isTrusted = false;
		markdown.supportHtml = false;
		markdown.supportThemeIcons = false;
		return new Hover(markdown, toRange(this.documents.syntaxOf(document), spot.token));
	}

	async provideDefinition(document: TextDocument, position: Position): Promise<Location[]> {
		const id = this.idAt(document, position);
		return id === undefined ? [] : this.recordsOf(id);
	}

	async provideReferences(
		document: TextDocument,
		position: Position,
		context: { readonly includeDeclaration: boolean },
	): Promise<Location[]> {
		const id = this.idAt(document, position);
		if (id === undefined) {
			return [];
		}
		const mentions = (await this.documents.all()).flatMap(({ uri, syntax }) =>
			findMentions(syntax, id).map((range) => new Location(uri, toRange(syntax, range))),
		);
		return context.includeDeclaration ? [...(await this.recordsOf(id)), ...mentions] : mentions;
	}

	/** Where the task's record stands: on the board it belongs to, or wherever else somebody put it. */
	private async recordsOf(id: string): Promise<Location[]> {
		return (await this.documents.all()).flatMap(({ uri, syntax }) =>
			syntax
				.recordsOf(id)
				.map(({ idRange, start }) => new Location(uri, toRange(syntax, idRange ?? { start, end: start }))),
		);
	}

	private spot(document: TextDocument, position: Position): BoardSpot | undefined {
		return this.documents.fileOf(document.uri) === undefined
			? undefined
			: spotAt(this.documents.syntaxOf(document), document.offsetAt(position));
	}

	private idAt(document: TextDocument, position: Position): string | undefined {
		const spot = this.spot(document, position);
		const namesTask = spot !== undefined && !spot.isKey && (spot.kind === 'task' || spot.kind === 'id');
		return namesTask ? spot.word : undefined;
	}
}

/** A dependency tells of the task it names; what says what a record is, tells of the record. */
function idForHover({ kind, isKey, word, record }: BoardSpot): string | undefined {
	switch (kind) {
		case 'task':
			return isKey ? undefined : word;
		case 'id':
		case 'name':
		case 'status':
			return record.id;
		case 'agent':
		case 'priority':
		case 'other':
			return undefined;
	}
}
