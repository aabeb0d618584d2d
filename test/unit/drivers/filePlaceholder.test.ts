// Owns how a step of a matrix gets its file: whatever the file is called, it is one argument and never a command.

import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { asArgument, bindFile } from '../../../src/drivers/command/filePlaceholder.ts';

const bound = (step: string, platform: NodeJS.Platform = 'linux') => {
	const result = bindFile(step, platform);
	return 'command' in result ? result.command : `refused: ${result.problem}`;
};

describe('The placeholder {file}', () => {
	it('becomes one quoted argument, also inside double quotes and beside other text', () => {
		assert.equal(bound('wc {file}'), 'wc "${DREAMOS_FILE}"');
		assert.equal(bound('cp {file} out/{file}.bak'), 'cp "${DREAMOS_FILE}" out/"${DREAMOS_FILE}".bak');
		assert.equal(bound('echo "see {file}" it\\\'s {file}'), 'echo "see ${DREAMOS_FILE}" it\\\'s "${DREAMOS_FILE}"');
		assert.equal(bound('type {file}', 'win32'), 'type "%DREAMOS_FILE%"');
		assert.equal(bound(`echo "it's {file}"`, 'win32'), `echo "it's %DREAMOS_FILE%"`);
	});

	it('leaves a variable of the shell and an escaped one alone', () => {
		assert.equal(bound('for file in *; do echo ${file}; done'), 'for file in *; do echo ${file}; done');
		assert.equal(bound(String.raw`echo \{file}`), String.raw`echo \{file}`);
	});

	it('is refused where it would be no argument of its own', () => {
		for (const step of ["sh -c 'cat {file}'", 'echo "$(cat {file})"', 'echo "`cat {file}`"']) {
			assert.match(bound(step), /^refused: \{file\} stands inside quotes, .* "\$DREAMOS_FILE" instead/u, step);
		}
	});

	it('hands a program the very name, whatever is in it', function () {
		const command = bound('printf %s {file}');
		const nasty = fc.string({
			unit: fc.constantFrom(...`ab $"'\`;&|<>(){}*?!\\\n\t#~%=-ä`.split('')),
			minLength: 1,
			maxLength: 12,
		});
		fc.assert(
			fc.property(nasty, (name) => {
				const out = execFileSync('/bin/sh', ['-c', command], { env: { DREAMOS_FILE: asArgument(name) } });
				assert.equal(out.toString(), name.startsWith('-') ? `./${name}` : name);
			}),
			{ numRuns: 60, examples: [['$(touch planted)'], ['"; touch planted; "'], ['-rf']] },
		);
	});
});
