// Owns the planted fault by which one sees whether anything in the editor answers for a kind of file: most say nothing about a file that
// is clean, and silence proves nothing. Pure.

import path from 'node:path';

/** Wrong in most languages. */
const fault = ')]} <<<<<<< ({[ "\n';

export interface Probe {
	/** Absolute path. */
	readonly file: string;
	readonly text: string;
}

/** Files are of one kind when the editor takes them for one language and they end alike. */
export const kindOfFile = (languageId: string, file: string): string => `${languageId} ${path.extname(file)}`;

/** A faulty file of the same name, in a folder of its own that is not there yet: nothing leads from it to anywhere else. */
export const probeFor = (file: string, folder: string, mark: string): Probe => ({
	file: path.join(folder, `dreamos-probe-${mark}`, path.basename(file)),
	text: fault,
});
