// Owns the evidence of a run below its head: what shows that its work is done, or does not. It is asked for when somebody opens it, and
// again while it is open and something changed.

import * as l10n from '@vscode/l10n';
import type { Post } from '../../src/protocol/define.ts';
import type { RunEvidence, ShownGate } from '../../src/protocol/runEvidence.ts';
import type { toEditor, WatchHead } from '../../src/protocol/watchApi.ts';
import { element, setText } from '../shared/dom.ts';

const verdictWords: Readonly<Record<string, string>> = {
	passed: l10n.t('passed'),
	failed: l10n.t('failed'),
	'not read': l10n.t('not read'),
	shown: l10n.t('shown'),
	confirmed: l10n.t('confirmed'),
	open: l10n.t('open'),
	contradicted: l10n.t('contradicted'),
	'not checked': l10n.t('not checked'),
};
const wordOf = (verdict: string): string => verdictWords[verdict] ?? verdict;

function describeChecks({ passed, failed, unread, contradicted }: NonNullable<WatchHead['checks']>): string {
	return [
		failed > 0 ? l10n.t('gates failed: {0}', failed) : '',
		passed > 0 ? l10n.t('gates passed: {0}', passed) : '',
		unread > 0 ? l10n.t('not read: {0}', unread) : '',
		contradicted > 0 ? l10n.t('claims contradicted: {0}', contradicted) : '',
	]
		.filter(Boolean)
		.join(' · ');
}

const line = (verdict: string, text: string, beside: string): HTMLElement => {
	const word = element('span', { className: 'verdict', text: wordOf(verdict) });
	word.dataset['verdict'] = verdict;
	return element('div', { className: 'proof' }, [
		word,
		element('span', { className: 'what', text }),
		element('span', { className: 'faint', text: beside }),
	]);
};

function gateRow({ command, kind, verdict, how, took, output }: ShownGate): HTMLElement {
	const row = line(verdict, command, [kind, how, took].filter(Boolean).join(', '));
	return output === '' ? row : element('div', {}, [row, element('pre', { className: 'gateOutput', text: output })]);
}

const part = (title: string, rows: readonly Node[]): HTMLElement[] =>
	rows.length === 0 ? [] : [element('section', {}, [element('h2', { text: title }), ...rows])];

function draw(evidence: RunEvidence): HTMLElement[] {
	const { gates, claims, acceptance, reviews, files, moreFiles, commit, base } = evidence;
	return [
		element('p', {
			className: 'faint',
			text:
				commit === null
					? l10n.t('There is no change to judge yet.')
					: l10n.t('Judged at commit {0}, made from {1}', commit, base ?? '–'),
		}),
		...part(l10n.t('Gates'), gates.map(gateRow)),
		...part(
			l10n.t('Acceptance'),
			acceptance.map(({ text, state, by }) => line(state, text, by)),
		),
		...part(
			l10n.t('What the worker claims'),
			claims.map(({ claim, verdict, found }) => line(verdict, claim, found)),
		),
		...part(
			l10n.t('Reviews'),
			reviews.map(({ by, verdict, reason }) => line(verdict, by, reason)),
		),
		...part(l10n.t('Changed files'), [
			...files.map((file) => element('div', { className: 'proof', text: file })),
			...(moreFiles === 0 ? [] : [element('div', { text: l10n.t('and {0} more', moreFiles) })]),
		]),
	];
}

export function createEvidence(post: Post<typeof toEditor>) {
	let isSettled = false;
	let asked = '';
	let mark = '';
	const told = element('span', { className: 'faint' });
	const body = element('div', { className: 'evidenceBody', attributes: { tabindex: '0' } });
	const details = element('details', { className: 'plan evidence hidden' }, [
		element('summary', {}, [element('span', { text: l10n.t('Evidence') }), told]),
		element('div', { className: 'buttons' }, [
			element('button', {
				text: l10n.t('Export Evidence…'),
				onClick: () => post('perform', { command: 'run.evidence' }),
			}),
		]),
		body,
	]);
	const ask = () => {
		if (details.open && asked !== mark) {
			asked = mark;
			post('evidence', {});
		}
	};
	details.addEventListener('toggle', ask);
	return {
		element: details,
		render({ checks, isOpen, state }: WatchHead) {
			mark = JSON.stringify([checks, state]);
			details.classList.toggle('hidden', checks === null);
			setText(told, checks === null ? '' : describeChecks(checks));
			if (checks !== null && !isSettled) {
				// Whoever opens a run that is over wants to know how it was judged; beside one that goes on it would be in the way.
				isSettled = true;
				details.open = !isOpen;
			}
			ask();
		},
		take(evidence: RunEvidence) {
			body.replaceChildren(...draw(evidence));
		},
	};
}
