"""What a finger does on a page in Chromium."""

# A page scrolls on for a moment after the finger has left it.
AT_REST = """async () => {
  for (let [last, frames, all] = [NaN, 0, 0]; all < 600; all++) {
    await new Promise(requestAnimationFrame);
    [last, frames] = [scrollY, scrollY === last ? frames + 1 : 0];
    if (frames === 10) return true;
  }
  return false;
}"""


def swipe(page, start, by):
    """Put a finger down, move it in ten steps, lift it."""
    session = page.context.new_cdp_session(page)
    (x, y), (dx, dy) = start, by

    def send(kind, *points):
        touches = [{"x": u, "y": v} for u, v in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    send("touchStart", (x, y))
    for step in range(1, 11):
        send("touchMove", (x + dx * step / 10, y + dy * step / 10))
    send("touchEnd")
    assert page.evaluate(AT_REST), "it scrolls on"
