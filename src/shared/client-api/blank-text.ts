const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}]/u;

/** Whether a text shows nothing: only white space and invisible characters. */
export function isBlank(text: string): boolean {
  return !VISIBLE.test(text);
}
