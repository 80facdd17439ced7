import { describe, expect, it } from 'vitest';
import { en } from '../../../src/shared/text/en.ts';
import { isolateNames } from '../../../src/shared/text/isolate.ts';

const strings = isolateNames(en);

describe('Names in sentences', () => {
  it('are isolated only if their direction differs', () => {
    expect(strings.details.blocked('שלום')).toBe('\u2068שלום\u2069 is blocked.');
    expect(strings.conversation.from('سلام', '19:46')).toBe('\u2068سلام\u2069, 19:46');
    expect(strings.details.blocked('hans')).toBe('hans is blocked.');
    expect(strings.details.blocked('東京')).toBe('東京 is blocked.');
  });

  it('don’t change the direction of the sentence with control characters', () => {
    expect(strings.details.blocked('a\u202Eb')).toBe('\u2068a\u202Eb\u2069 is blocked.');
  });

  it('leave the other texts of the catalogue unchanged', () => {
    expect(strings.cancel).toBe(en.cancel);
    expect(strings.settings.pages).toEqual(en.settings.pages);
    expect(strings.sidebar.unread(2)).toBe('2 unread');
  });
});
