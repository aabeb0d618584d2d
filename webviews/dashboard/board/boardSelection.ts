// Owns what is selected on the board and which card the keys act on. It draws nothing.

export interface CardPlace {
	readonly lane: string;
	readonly status: string;
	readonly taskId: string;
}

export class BoardSelection {
	private readonly chosen = new Set<string>();
	/** The card the keys act on; it may be in no selection. */
	active: CardPlace | undefined;
	/** Where a range begins. */
	private anchor: string | undefined;

	has(taskId: string): boolean {
		return this.chosen.has(taskId);
	}

	get size(): number {
		return this.chosen.size;
	}

	/** What an action is about: what is selected, else the active card. */
	get subjects(): string[] {
		const { active } = this;
		return this.chosen.size === 0 && active !== undefined ? [active.taskId] : [...this.chosen];
	}

	/** A plain click or an arrow: this card and no other. */
	only(place: CardPlace): void {
		this.active = place;
		this.anchor = place.taskId;
		this.chosen.clear();
		this.chosen.add(place.taskId);
	}

	/** Ctrl: in or out. */
	toggle(place: CardPlace): void {
		this.active = place;
		this.anchor = place.taskId;
		if (!this.chosen.delete(place.taskId)) {
			this.chosen.add(place.taskId);
		}
	}

	/** Shift: from where the range began to here, in the order of the column. */
	extend(place: CardPlace, column: readonly string[]): void {
		const [from, to] = [column.indexOf(this.anchor ?? place.taskId), column.indexOf(place.taskId)];
		this.active = place;
		if (from < 0 || to < 0) {
			this.only(place);
			return;
		}
		this.chosen.clear();
		column.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((id) => this.chosen.add(id));
	}

	all(column: readonly string[]): void {
		column.forEach((id) => this.chosen.add(id));
	}

	clear(): void {
		this.chosen.clear();
	}

	/** Lets go of what is not there any more. */
	keep(isThere: (taskId: string) => boolean): void {
		for (const id of this.chosen) {
			if (!isThere(id)) {
				this.chosen.delete(id);
			}
		}
		if (this.active !== undefined && !isThere(this.active.taskId)) {
			this.active = undefined;
		}
	}
}
