// Where an exercise stands: on the built site there are pages, on a notebook server their sources,
// and a notebook that lies alone knows the address of the site.

const ending = () => (window.location.pathname.includes(".htm") || document.documentElement.dataset.content_root ? "html" : "md");

export const placeOf = (model, { chapter, id }) => {
  const site = model.get("site");
  return `${site ? `${site}book/${chapter}.html` : `${chapter}.${ending()}`}#exercise-${id}`;
};
