// Sorts what Sphinx's search finds: chapters before the pages around them, names of the package last.
const ABOUT_THE_BOOK = /\/(exercises|claims|instructors|references|glossary|notation|index|api)\b/;

var Scorer = {
  score: ([page, , , description, score]) => {
    const [, about] = page.match(ABOUT_THE_BOOK) ?? [];
    const later = { instructors: 300, references: 200, api: 150, glossary: 1 };
    // Only an entry of the package has a description.
    return score - (description ? 150 : 0) - (about ? (later[about] ?? 100) : 0);
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
