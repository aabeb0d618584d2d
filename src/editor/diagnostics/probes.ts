// Owns the planted fault by which one sees whether anything in the editor answers for a kind of file: most say nothing about a file that
// is clean, and silence proves nothing. Pure.

import path from 'node:path';

/** Wrong in most languages. */
const anyFault = ')]} <<<<<<< ({[ "\n';
/** Grammar is looked at early and by itself; that types do not fit is said only once the whole project was read. */
const typeFault = 'const dreamosProbe: number = "";\nexport {};\n';
const checkedFault = '// @ts-check\n/** @type {number} */\nconst dreamosProbe = "";\nexport {};\n';

const faults: Readonly<Record<string, string>> = {
	typescript: typeFault,
	typescriptreact: typeFault,
	javascript: checkedFault,
	javascriptreact: checkedFault,
};

export interface Probe {
	/** Absolute path. */
	readonly file: string;
	readonly text: string;
}

/** Files are of one kind when the editor takes them for one language and they end alike. */
export const kindOfFile = (languageId: string, file: string): string => `${languageId} ${path.extname(file)}`;

/** A faulty file of the same name in a folder of its own, beside where `file` (a path in `folder`) lies or would lie. */
export function probeFor(languageId: string, file: string, folder: string, mark: string): Probe {
	const place = path.join(folder, path.dirname(file), `dreamos-probe-${mark}`);
	return { file: path.join(place, path.basename(file)), text: faults[languageId] ?? anyFault };
}
