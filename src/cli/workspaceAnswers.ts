// Owns what a terminal says after something was done with a workspace as a whole.

import { countOf } from '../base/words.ts';
import type { Output } from './output.ts';

export function madeSample({ folder, tasks }: { folder: string; tasks: readonly string[] }, output: Output): void {
	output.say(`${folder} holds a small project now, and ${countOf(tasks.length, 'task')} that need no model.`);
	output.say('Next: dreamos up --until-idle, or open the folder in your editor.');
}
