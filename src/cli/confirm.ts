// Owns asking the person at the terminal whether to go on. Where nobody can answer, the answer is no.

import { createInterface } from 'node:readline/promises';

/** Whether somebody sits at this terminal and reads text. */
export function canAsk(isJson: boolean): boolean {
	return !isJson && process.stdin.isTTY && process.stdout.isTTY;
}

export async function confirm(question: string, isJson: boolean): Promise<boolean> {
	if (!canAsk(isJson)) {
		return false;
	}
	const prompt = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return /^y(es)?$/iu.test((await prompt.question(`${question} [y/N] `)).trim());
	} finally {
		prompt.close();
	}
}
