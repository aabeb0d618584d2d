// Owns an extension that finds faults in `.fault` files of the editor under test, wherever they lie: lines `FAULT text`, and marks no
// text should have. As most language services it says nothing of a file that is clean, and forgets one that is closed.
'use strict';

const vscode = require('vscode');

exports.activate = (/** @type {vscode.ExtensionContext} */ context) => {
	const collection = vscode.languages.createDiagnosticCollection('fault-finder');
	const look = (/** @type {vscode.TextDocument} */ document) => {
		if (document.languageId !== 'fault') {
			return;
		}
		const found = document
			.getText()
			.split('\n')
			.flatMap((text, line) => {
				const message =
					/^FAULT (.*)$/.exec(text)?.[1] ?? (text.includes('<<<<<<<') ? 'a mark of a conflict' : undefined);
				if (message === undefined) {
					return [];
				}
				const problem = new vscode.Diagnostic(new vscode.Range(line, 0, line, text.length), message);
				problem.source = 'fault-finder';
				return [problem];
			});
		if (found.length > 0) {
			collection.set(document.uri, found);
		}
	};
	vscode.workspace.textDocuments.forEach(look);
	context.subscriptions.push(
		collection,
		vscode.workspace.onDidOpenTextDocument(look),
		vscode.workspace.onDidCloseTextDocument(({ uri }) => collection.delete(uri)),
	);
};
