// Owns the cards of the tasks of a picture: a task that did not change keeps its card, so that nothing is compared or sent for it.

import type { ShownTask, SwarmSnapshot } from '../../core/swarm/swarmSnapshot.ts';
import type { TaskCard } from '../../protocol/taskCard.ts';
import { toTaskCard } from '../../protocol/taskCard.ts';

export class TaskCards {
	private readonly cards = new WeakMap<ShownTask, TaskCard>();
	private shown: { readonly tasks: SwarmSnapshot['tasks']; readonly cards: readonly TaskCard[] } | undefined;

	of({ tasks }: SwarmSnapshot): readonly TaskCard[] {
		if (this.shown?.tasks !== tasks) {
			const cards: TaskCard[] = [];
			for (const [key, shown] of tasks) {
				cards.push(this.cardOf(key, shown));
			}
			this.shown = { tasks, cards };
		}
		return this.shown.cards;
	}

	private cardOf(key: string, shown: ShownTask): TaskCard {
		const known = this.cards.get(shown);
		if (known !== undefined) {
			return known;
		}
		const card = toTaskCard(key, shown);
		this.cards.set(shown, card);
		return card;
	}
}
