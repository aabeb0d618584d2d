// Owns how the evidence of a run reads in a terminal: the document itself, so that it can be sent to a file.

import type { Evidence } from '../core/gate/evidence.ts';
import { evidenceMarkdown } from '../core/gate/evidenceMarkdown.ts';
import type { Output } from './output.ts';

export function runEvidence({ evidence }: { readonly evidence: Evidence }, output: Output): void {
	output.say(evidenceMarkdown(evidence).trimEnd());
}
