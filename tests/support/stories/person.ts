import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Desk } from './desk.ts';
import type { OpenApp, StoryHost } from './hosts.ts';

export const PASSWORD = 'correct horse battery';
/** Deadline for a change on the page, milliseconds. */
const SEEN_MS = 30_000;
/** Deadline for reconnecting, milliseconds: the pauses between attempts grow while the server is away. */
const BACK_MS = 90_000;

/** Violations of the content security policy since the page was loaded. */
declare global {
  var violations: string[];
}

interface Aside {
  readonly path?: 'direct' | 'through the server';
  readonly kept?: 'saved by both' | 'not saved';
}

/** A user in front of the app, with methods for actions and for visible results. Every action ends with a visible result. */
export class Person {
  /** Errors, warnings and policy violations of the page, over all its loads. */
  readonly complaints: string[] = [];
  readonly #data = join(mkdtempSync(join(tmpdir(), 'aside-person-')), 'data');
  #app: OpenApp | undefined;
  /** The conversation in sight. */
  #reading: string | undefined;

  /**
   * @param server where it answers; `host:port`
   * @param fingerprint of the server's certificate, as it printed it
   */
  constructor(
    readonly name: string,
    private readonly host: StoryHost,
    readonly server: string,
    readonly fingerprint: string,
  ) {}

  get page(): Page {
    if (this.#app === undefined) throw new Error(`the app of ${this.name} does not run`);
    return this.#app.page;
  }

  get desk(): Desk {
    const desk = this.#app?.desk;
    if (desk === undefined) throw new Error('nothing beside the window can be seen here');
    return desk;
  }

  get runs(): boolean {
    return this.#app !== undefined;
  }

  /** Starts the app and listens to what its page complains of. @param server the one it offers, unless it knows another */
  async start(server = this.server): Promise<void> {
    this.#app = await this.host.open(this.#data, server, (page) => this.#watch(page));
    await this.#isThere();
  }

  /** The window shows what it has read from the program behind it, and no longer that it reads. */
  async #isThere(): Promise<void> {
    await this.page.getByRole('heading').first().waitFor();
    await this.page.getByText('One moment…', { exact: true }).waitFor({ state: 'hidden' });
  }

  async #watch(page: Page): Promise<void> {
    page.setDefaultTimeout(SEEN_MS);
    page.on('console', (said) => {
      if (said.type() === 'error' || said.type() === 'warning')
        this.complaints.push(`${said.text()} (${said.location().url})`);
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('dialog', (dialog) => {
      this.complaints.push(`a script ran: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.addInitScript(watchPolicy);
    await page.evaluate(watchPolicy);
  }

  /** First start: the server is looked at and compared, and an account made. */
  async arrive(): Promise<void> {
    await this.start();
    await this.press('Connect');
    await this.compare();
    await this.register();
  }

  /** The fingerprint in sight is that of the server. */
  async compare(): Promise<void> {
    const shown = this.page.locator('section', { hasText: 'Is this the right server?' });
    const hexadecimal = (text: string): string => text.replace(/[^0-9A-F]/g, '');
    expect(hexadecimal(await shown.innerText())).toContain(hexadecimal(this.fingerprint));
    await this.press('They match');
    await this.page.getByRole('textbox', { name: 'Username' }).waitFor();
  }

  /** @param name of another account than the person's first */
  async register(name = this.name): Promise<void> {
    await this.#atTheForm();
    const other = this.page.getByRole('button', { name: 'New here? Create an account' });
    if (await other.isVisible()) await other.click();
    await this.fill('Username', name);
    await this.fill('Password', PASSWORD);
    await this.fill('Repeat password', PASSWORD);
    await this.page.keyboard.press('Enter');
    await this.isOnline();
  }

  /** With an account that there is. What comes of it is for the story to see. */
  async signIn(password = PASSWORD, name = this.name): Promise<void> {
    await this.#atTheForm();
    const other = this.page.getByRole('button', { name: 'Have an account? Sign in' });
    if (await other.isVisible()) await other.click();
    await this.fill('Username', name);
    await this.fill('Password', password);
    await this.page.keyboard.press('Enter');
  }

  /** Before it is there, nothing can be told of what it shows. */
  async #atTheForm(): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Username' }).waitFor();
  }

  /** Loads the page again. It goes on where it was, with what the program behind it holds. */
  async reload(): Promise<void> {
    await this.#noteViolations();
    const { page } = this;
    await page.reload();
    await this.#isThere();
    const reading = this.#reading;
    if (reading === undefined || (await this.page.getByRole('navigation').count()) === 0) return;
    await this.page.getByRole('main').getByRole('heading', { name: reading, exact: true }).waitFor();
  }

  /** Ends the app and starts it again. */
  async restart(): Promise<void> {
    await this.quit();
    await this.start();
  }

  async quit(): Promise<void> {
    await this.#noteViolations();
    await this.#app?.quit();
    this.#app = undefined;
    this.#reading = undefined;
  }

  /** The app is ended from outside, whatever it does, and started again. */
  async crash(): Promise<void> {
    await this.#noteViolations();
    await this.#app?.kill();
    this.#app = undefined;
    this.#reading = undefined;
    await this.start();
  }

  /** Ends everything and removes what was kept. */
  async remove(): Promise<void> {
    await this.#app?.kill();
    this.#app = undefined;
    rmSync(join(this.#data, '..'), { recursive: true, force: true });
  }

  async isOnline(): Promise<void> {
    await this.page.getByRole('navigation').waitFor();
    await this.bar.waitFor({ state: 'detached', timeout: BACK_MS });
    await this.page
      .getByRole('navigation')
      .getByText(/^(Online|Do not disturb)$/)
      .waitFor();
  }

  /** Nothing was complained of until now. */
  async hasNoComplaints(): Promise<void> {
    await this.#noteViolations();
    expect(this.complaints).toEqual([]);
  }

  async #noteViolations(): Promise<void> {
    if (this.#app === undefined) return;
    this.complaints.push(...(await this.page.evaluate(() => globalThis.violations.splice(0))));
  }

  // Visible results.

  /** Why there is no connection, and what comes next. */
  get bar(): Locator {
    return this.page.getByRole('status').filter({ hasText: /Messages (wait|to everyone do)/ });
  }

  /** Messages of the open conversation. */
  get messages(): Locator {
    return this.page.getByRole('article');
  }

  /** Messages of the private session. */
  get asideLines(): Locator {
    return this.page.getByRole('log', { name: /^Private conversation/ }).locator('.bubble');
  }

  /** The composer, in a private session or not. */
  get field(): Locator {
    return this.page.locator('main textarea');
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** The line of a conversation or person in the list. */
  inList(name: string): Locator {
    return this.page
      .getByRole('navigation')
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .first();
  }

  /** Waits until some words are in sight. */
  async sees(words: string | RegExp): Promise<void> {
    await this.page.getByText(words).filter({ visible: true }).first().waitFor();
  }

  /** The private session that was in sight is over; closes it. */
  async seesOver(words: string): Promise<void> {
    await this.sees(words);
    await this.press('Close and forget');
  }

  async seesNoMore(words: string | RegExp): Promise<void> {
    await expect.poll(() => this.page.getByText(words).filter({ visible: true }).count(), { timeout: SEEN_MS }).toBe(0);
  }

  async reads(text: string): Promise<void> {
    await this.messages.getByText(text).first().waitFor();
  }

  async hears(text: string): Promise<void> {
    await this.asideLines.getByText(text, { exact: true }).waitFor();
  }

  /** Sees the error of a field at the field. */
  async isWrong(label: string, sentence: string): Promise<void> {
    const field = this.page.getByLabel(label, { exact: true });
    await expect.poll(() => field.getAttribute('aria-invalid'), { timeout: SEEN_MS }).toBe('true');
    const described = (await field.getAttribute('aria-describedby')) ?? '';
    const texts = await Promise.all(
      described.split(' ').map((id) => this.page.locator(`[id="${id}"]`).first().innerText()),
    );
    expect(texts.join('\n')).toContain(sentence);
  }

  /** Sees the status of the user's last message. */
  async lastIs(status: string | RegExp): Promise<void> {
    await this.messages.last().getByText(status).waitFor();
  }

  // Actions.

  press(name: string, within: Page | Locator = this.page): Promise<void> {
    return within.getByRole('button', { name, exact: true }).click();
  }

  fill(label: string, text: string): Promise<void> {
    return this.page.getByLabel(label, { exact: true }).fill(text);
  }

  /** Opens the conversation with a user, or with everyone. */
  async open(name: string): Promise<void> {
    await this.inList(name).click();
    await this.isWith(name);
  }

  /** A conversation is open, however it came to be. */
  async isWith(name: string): Promise<void> {
    await this.page.getByRole('main').getByRole('heading', { name, exact: true }).waitFor();
    this.#reading = name;
  }

  /** Does what the palette finds first, by keyboard alone. @param item as it is written there */
  async find(letters: string, item = letters): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.getByRole('combobox', { name: 'Find people and commands' }).fill(letters);
    await this.page.getByRole('option', { name: item, selected: true }).waitFor();
    await this.page.keyboard.press('Enter');
  }

  async write(text: string): Promise<void> {
    await this.field.fill(text);
    await this.page.keyboard.press('Enter');
    await expect.poll(() => this.field.inputValue(), { timeout: SEEN_MS }).toBe('');
  }

  async signOut(): Promise<void> {
    await this.settings('Account');
    await this.press('Sign out', this.dialog);
    await this.press('Sign out', this.page.getByRole('dialog', { name: 'Sign out?' }));
    await this.sees('Welcome to Aside');
  }

  async settings(page: string): Promise<void> {
    await this.press('Settings');
    await this.dialog.getByRole('tab', { name: page, exact: true }).click();
    await this.dialog.getByRole('tabpanel', { name: page, exact: true }).waitFor();
  }

  async leaveDialog(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.dialog.waitFor({ state: 'detached' });
  }

  /** The request of a user to talk aside. */
  requestOf(name: string): Locator {
    return this.page
      .getByRole('list', { name: 'Requests to talk aside' })
      .getByRole('listitem')
      .filter({ hasText: name });
  }

  /** Sees the private session with a user, its path, and whether its messages are saved. */
  async isAside(name: string, { path, kept = 'not saved' }: Aside = {}): Promise<void> {
    await this.page.getByRole('main', { name: `Private conversation with ${name}` }).waitFor();
    const paths = path ?? '(direct|through the server)';
    await this.sees(new RegExp(`^Private · ${paths} · encrypted · ${kept}$`));
  }

  /** Asks a user to talk aside. */
  async ask(name: string, note = ''): Promise<void> {
    await this.open(name);
    await this.press('Talk aside');
    await this.fill('Note (optional)', note);
    await this.press('Ask', this.dialog);
    await this.sees(`Waiting for ${name} to answer`);
  }
}

function watchPolicy(): void {
  globalThis.violations ??= [];
  document.addEventListener('securitypolicyviolation', (event) => {
    globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
}
