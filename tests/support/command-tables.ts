import { z } from 'zod';
import { TERMINAL_COMMANDS } from '../../src/terminal/commands/terminal-commands.ts';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/** The type of a member in words; `deep`: with the members of objects. */
function typeOf(schema: JsonSchema, deep: boolean): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => typeOf(one, deep)).join(' or ');
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map((item) => typeOf(item, deep)).join(', ')}]`;
  if (schema.items !== undefined) return `[${typeOf(schema.items, deep)}, …]`;
  if (schema.properties !== undefined) return deep ? `{${namesOf(schema).join(', ')}}` : 'object';
  if (typeof schema.additionalProperties === 'object') return `{name: ${typeOf(schema.additionalProperties, deep)}}`;
  return [schema.type].flat().join(' or ');
}

function namesOf({ properties = {}, required = [] }: JsonSchema): string[] {
  return Object.entries(properties).map(([name, schema]) => {
    const key = required.includes(name) ? name : `${name}?`;
    return schema.items === undefined ? key : `${key}: ${typeOf(schema, true)}`;
  });
}

function membersOf(schema: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema) as JsonSchema;
  const members = Object.entries(properties).map(
    ([name, member]) => `\`${name}${required.includes(name) ? '' : '?'}\`: ${typeOf(member, true)}`,
  );
  return members.length === 0 ? '–' : members.join('; ').replaceAll('|', '\\|');
}

/** The table of the commands as a user types them. */
function commandTable(): string {
  const rows = Object.values(TERMINAL_COMMANDS).map(
    ({ usage, about }) => `| \`${usage.replaceAll('|', '\\|')}\` | ${about} |`,
  );
  return ['| command | meaning |', '| --- | --- |', ...rows].join('\n');
}

/** The table of the commands in JSON, with their answers. */
function jsonTable(): string {
  const rows = Object.entries(TERMINAL_COMMANDS).map(([name, { parameters, answer, toEvent }]) => {
    const event = toEvent?.({}, {}).event;
    const printed = event === undefined ? membersOf(answer) : `event \`${event}\``;
    return `| \`${name}\` | ${membersOf(parameters)} | ${printed} |`;
  });
  return ['| `command` | members | members of the answer |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The document with the generated tables between their markers. @throws if a marker is missing */
export function withTables(document: string): string {
  return Object.entries({ commands: commandTable(), json: jsonTable() }).reduce((text, [name, table]) => {
    const marked = new RegExp(`(<!-- table: ${name} -->\\n)[^]*?(<!-- end -->)`);
    if (!marked.test(text)) throw new Error(`There is no place for the table ${name}.`);
    return text.replace(marked, (_all, before: string, after: string) => `${before}${table}\n${after}`);
  }, document);
}
