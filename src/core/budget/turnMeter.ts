// Owns measuring one turn of an agent: what it reports itself, and where it reports no tokens, an estimate from the length of the
// text that went in and came out. The same text always gives the same estimate.

import type { DriverUpdate } from '../driver/driver.ts';
import type { TurnUsage } from './usage.ts';

/** A token is about this long in English text and in code. */
const charactersPerToken = 4;

export type MeasuredTurn = Omit<TurnUsage, 'run_id' | 'task_id' | 'agent_id' | 'at'>;

/** Tokens a text may come to, where nobody counted them. */
export const estimateTokens = (characters: number): number => Math.ceil(characters / charactersPerToken);

export class TurnMeter {
	private inputCharacters = 0;
	private outputCharacters = 0;
	private input = 0;
	private output = 0;
	private cached = 0;
	private isTold = false;
	/** Cost of the session so far as it was last told, and as it was when the turn began. */
	private cost: number | undefined;
	private costBefore = 0;
	private currency = '';
	/** Context as it was last told, and as it was when the turn began. */
	private context = 0;
	private contextBefore = 0;

	/** The agent is told this. */
	say(text: string): void {
		this.inputCharacters += text.length;
	}

	/**
	 * What the agent reports. Tokens are those since its last report; a cost is that of its whole session, as the protocol has it, and
	 * one that is lower than the last begins a new session.
	 */
	note({ kind, text, data }: DriverUpdate): void {
		switch (kind) {
			case 'usage':
				this.report(data ?? {});
				break;
			case 'message':
			case 'thought':
			case 'tool':
				this.outputCharacters += text.length;
				break;
			case 'output':
				this.inputCharacters += text.length;
				break;
			default:
		}
	}

	/** What the turn took so far. */
	measure(milliseconds: number): MeasuredTurn {
		const cost = this.cost === undefined || this.cost === this.costBefore ? null : this.cost - this.costBefore;
		const money = { cost, currency: cost === null ? null : this.currency };
		if (this.isTold) {
			return {
				input_tokens: this.input,
				output_tokens: this.output,
				cached_tokens: this.cached,
				...money,
				milliseconds,
				is_estimated: false,
			};
		}
		const output = estimateTokens(this.outputCharacters);
		// A context that grew says more than the text that is seen of it.
		const grown = Math.max(0, this.context - this.contextBefore - output);
		return {
			input_tokens: Math.max(estimateTokens(this.inputCharacters), grown),
			output_tokens: output,
			cached_tokens: 0,
			...money,
			milliseconds,
			is_estimated: true,
		};
	}

	/** The turn is over; what follows belongs to the next. */
	begin(): void {
		this.inputCharacters = 0;
		this.outputCharacters = 0;
		this.input = 0;
		this.output = 0;
		this.cached = 0;
		this.isTold = false;
		this.costBefore = this.cost ?? 0;
		this.contextBefore = this.context;
	}

	private report(data: Readonly<Record<string, unknown>>): void {
		const input = count(data['input_tokens']);
		const output = count(data['output_tokens']);
		if (input !== undefined || output !== undefined) {
			this.isTold = true;
			this.input += input ?? 0;
			this.output += output ?? 0;
			this.cached += count(data['cached_tokens']) ?? 0;
		}
		this.context = count(data['used']) ?? this.context;
		const cost = count(data['cost']);
		if (cost !== undefined) {
			if (cost < (this.cost ?? 0)) {
				this.costBefore = 0;
			}
			this.cost = cost;
			this.currency = typeof data['currency'] === 'string' ? data['currency'] : '';
		}
	}
}

const count = (value: unknown): number | undefined =>
	typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
