// Owns the choice among the options an agent offers: by their kind, never by their place, because some put "always" first. What is
// allowed for good is written in our own rules, so "always" is taken only where a person said so and nothing less is offered.

/** The kind to choose; undefined when none fits and `cancelled` is all that is left to say. */
export function chooseOption(
	offered: readonly string[],
	wanted: { readonly isAllowed: boolean; readonly isRemembered: boolean },
): string | undefined {
	const allowing = ['allow_once', ...(wanted.isRemembered ? ['allow_always'] : [])];
	const kinds = [...(wanted.isAllowed ? allowing : []), 'reject_once', 'reject_always'];
	return kinds.find((kind) => offered.includes(kind));
}
