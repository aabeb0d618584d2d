// Owns how far what an agent says its goal is lies from the task it was given: which share of the words it uses for it the task does
// not know. A count of words, the same for everybody; no model is asked. It knows goals only where they are stated in English.

const ordinary = new Set(
	'about above actually after again also always another anything because been before being below better between both could does doing done down each else ensure everything file files first fixed from further going have here however implement instead into just know last later least less like look make makes many might more most much must need needs next only other otherwise over own part please properly really same should since some something start still such sure take task tasks than that their them then there therefore these they thing things this those through time together under until update upon using very want wants well were what when where which while will with within without work working would code user goal need change changes'.split(
		' ',
	),
);

/** Words that carry meaning, cut to their stem as far as that goes without a dictionary. */
export function contentWords(text: string): string[] {
	return text
		.replaceAll(/([a-z])([A-Z])/gu, '$1 $2')
		.toLowerCase()
		.split(/[^\p{L}\p{N}]+/u)
		.filter((word) => word.length >= 4 && !ordinary.has(word) && !/^\d+$/u.test(word))
		.map((word) => word.replace(/(?:ations?|ings?|ments?|ed|es|s|e)$/u, '').slice(0, 7));
}

const statement =
	/\b(?:(?:my|the|our|overall|main|real|new) (?:goal|task|objective|aim|mission|job|priority)(?: now)? (?:is|was|should be|has become)|i (?:was|am|have been|'ve been|'m) (?:asked|supposed|told|tasked) to|i(?:'ll| will|'m going to| am going to) (?:now )?(?:focus on|concentrate on|switch to|move on to|work on)|(?:let me|let's) (?:focus on|concentrate on|switch to|move on to|work on)|the (?:user|person) (?:wants|asked|needs) (?:me to|us to|for)?|what (?:really |actually )?needs to be done is)\b([^.!?\n]{12,240})/giu;

/** What is said to be the goal, in the order it was said. */
export function goalStatements(text: string): string[] {
	return [...text.matchAll(statement)].map(([, rest = '']) => rest.trim());
}

/** From 0, every word of it is known, to 1, none is; undefined where it has too few words to tell. */
export function goalDistance(said: string, known: ReadonlySet<string>): number | undefined {
	const words = [...new Set(contentWords(said))];
	return words.length < 3 ? undefined : words.filter((word) => !known.has(word)).length / words.length;
}
