// The few globals beyond ECMAScript that every host of the shared code has (WHATWG Encoding; Node, browsers, Electron).
declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input: Uint8Array): string;
}
