import { describe, expect, it } from 'vitest';
import { decodeClientLine } from '../../../src/shared/protocol/codec.ts';
import { CLIENT_PARAMS } from '../../../src/shared/protocol/messages.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('schemas', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'extra'])('refuse the member %s', (member) => {
    const line = decodeClientLine(
      bytes(`{"jsonrpc":"2.0","id":1,"method":"account.delete","params":{"password":"x","${member}":1}}`),
    );
    expect(line.kind).toBe('request');
    if (line.kind !== 'request') return;
    expect(CLIENT_PARAMS['account.delete'].safeParse(line.params).success).toBe(false);
  });
});
