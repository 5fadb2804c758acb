// The field in which a program is written: CodeMirror, or a plain field where that is not to be had.

const LEAVING = "Tab leaves the editor now.";

/** What a screen reader says of the field. */
const described = (name, checks) =>
  `${name}. Shift and Enter run it${checks ? ", Control and Enter check it" : ""}. Tab indents; press Escape, then Tab, to leave.`;

/**
 * A field with a text: {root, get, set, focus}. `say` is told what a reader without sight has to
 * know; `onChange` is called with each new text.
 */
export async function field(options) {
  if (options.plain) return plainField(options);
  try {
    return await codeField(options);
  } catch (error) {
    console.warn(error);
    return plainField(options);
  }
}

const load = (name) => import(`./libraries/${name}.mjs`);

async function codeField({ text, name, onChange, onRun, onCheck, say }) {
  const [state, view, commands, language, python, highlight] = await Promise.all(
    ["codemirror-state", "codemirror-view", "codemirror-commands", "codemirror-language", "codemirror-lang-python", "lezer-highlight"].map(load),
  );
  const { EditorView, keymap } = view;
  const act = (action) => () => {
    action?.();
    return Boolean(action);
  };
  // Escape lets Tab go on to the next control, until something else is typed.
  const escape = (editor) => {
    editor.setTabFocusMode(true);
    say(LEAVING);
    return true;
  };
  const stay = EditorView.domEventHandlers({
    keydown: (event, editor) => {
      if (!["Escape", "Tab", "Shift"].includes(event.key)) editor.setTabFocusMode(false);
    },
    blur: (event, editor) => editor.setTabFocusMode(false),
  });
  const editor = new EditorView({
    doc: text,
    extensions: [
      state.Prec.highest(keymap.of([
        { key: "Shift-Enter", run: act(onRun) },
        { key: "Mod-Enter", run: act(onCheck ?? onRun) },
        { key: "Escape", run: escape },
      ])),
      stay,
      view.lineNumbers(),
      commands.history(),
      language.indentUnit.of("    "),
      language.indentOnInput(),
      language.bracketMatching(),
      language.syntaxHighlighting(colours(highlight)),
      python.pythonLanguage,
      keymap.of([...commands.defaultKeymap, ...commands.historyKeymap, commands.indentWithTab]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": described(name, Boolean(onCheck)), autocapitalize: "off", autocorrect: "off", spellcheck: "false" }),
      EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
    ],
  });
  return {
    root: editor.dom,
    get: () => editor.state.doc.toString(),
    set: (written) => editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: written } }),
    focus: () => editor.focus(),
  };
}

// The site's own colours: the classes that Pygments gives the same things on the page.
function colours({ tagHighlighter, tags: t }) {
  return tagHighlighter([
    { tag: t.keyword, class: "k" },
    { tag: t.moduleKeyword, class: "kn" },
    { tag: t.operatorKeyword, class: "ow" },
    { tag: [t.bool, t.null, t.self], class: "kc" },
    { tag: t.operator, class: "o" },
    { tag: [t.punctuation, t.bracket], class: "p" },
    { tag: t.comment, class: "c1" },
    { tag: t.string, class: "s2" },
    { tag: t.escape, class: "se" },
    { tag: t.number, class: "mi" },
    { tag: t.function(t.definition(t.variableName)), class: "nf" },
    { tag: t.definition(t.className), class: "nc" },
    { tag: t.meta, class: "nd" },
    { tag: [t.variableName, t.propertyName], class: "n" },
  ]);
}

function plainField({ text, name, onChange, onRun, onCheck, say }) {
  const root = document.createElement("textarea");
  root.className = "sb-textarea";
  root.value = text;
  root.rows = Math.min(24, text.split("\n").length + 2);
  root.spellcheck = false;
  root.autocapitalize = "off";
  root.setAttribute("aria-label", described(name, Boolean(onCheck)));
  let leaving = false;
  root.addEventListener("input", () => onChange(root.value));
  root.addEventListener("blur", () => (leaving = false));
  root.addEventListener("keydown", (event) => {
    const { key, shiftKey, ctrlKey, metaKey } = event;
    if (key === "Escape") {
      leaving = true;
      say(LEAVING);
    } else if (key === "Tab" && !leaving && !shiftKey) {
      event.preventDefault();
      root.setRangeText("    ", root.selectionStart, root.selectionEnd, "end");
      onChange(root.value);
    } else if (key === "Enter" && (shiftKey || ctrlKey || metaKey)) {
      event.preventDefault();
      (shiftKey ? onRun : onCheck ?? onRun)();
    }
    if (!["Escape", "Tab", "Shift"].includes(key)) leaving = false;
  });
  return {
    root,
    get: () => root.value,
    set: (written) => {
      root.value = written;
      onChange(written);
    },
    focus: () => root.focus(),
  };
}
