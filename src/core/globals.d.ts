// Beyond ECMAScript, what every host of the core has (WHATWG Encoding and HTML; Node, browsers, Electron).
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare function atob(base64: string): string;
declare function btoa(binary: string): string;
declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input: Uint8Array): string;
}
