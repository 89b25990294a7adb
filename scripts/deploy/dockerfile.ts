/** One instruction: `COPY --from=build /build/package ./`. */
interface Instruction {
  readonly name: string;
  readonly flags: Readonly<Record<string, string>>;
  /** The rest, without the flags. */
  readonly value: string;
}

export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** Parses a Dockerfile: stages with their instructions, one a line, or several with a backslash at the end. */
export function parseDockerfile(text: string): Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  const lines = text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  for (const line of lines) {
    const [, name, flagText, value] = /^(\w+)\s+((?:--[a-z-]+=\S+\s+)*)(.*)$/.exec(line)!;
    if (name === 'FROM') {
      const [base, , as = ''] = value!.split(/\s+/);
      stages.push({ name: as, base: base!, instructions: [] });
      continue;
    }
    const flags = [...flagText!.matchAll(/--([a-z-]+)=(\S+)/g)].map(([, flag, given]) => [flag!, given!]);
    stages.at(-1)!.instructions.push({ name: name!, flags: Object.fromEntries(flags), value: value! });
  }
  return stages;
}

/** The values of an instruction in one stage. */
export function valuesOf({ instructions }: Stage, name: string): string[] {
  return instructions.filter((each) => each.name === name).map(({ value }) => value);
}

/** The variables that a stage sets. */
export function environmentOf(stage: Stage): Record<string, string> {
  return Object.fromEntries(valuesOf(stage, 'ENV').map((value) => value.split('=', 2)));
}

/** The arguments of the exec form, `["node", "main.js"]`. Throws for the shell form, whose shell keeps signals to itself. */
export function execForm(value: string): string[] {
  return JSON.parse(value.replace(/^CMD /, '')) as string[];
}
