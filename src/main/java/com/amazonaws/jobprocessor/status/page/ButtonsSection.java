package com.amazonaws.jobprocessor.status.page;

/**
 * The buttons. They only lead to pages that say what would be done; nothing of this is refreshed
 * under the pointer.
 */
final class ButtonsSection {
  private static final Html BUTTONS =
      Html.of(
          """
          <section id="buttons" aria-labelledby="buttons-title">
          <h2 id="buttons-title">More or fewer boxes</h2>
          <form action="/boxes/start"><p><label for="boxes-wanted">Boxes</label> \
          <input type="number" id="boxes-wanted" name="boxes" min="1" max="1000" value="1" required> <button>Start \u2026</button></p></form>
          <form action="/box/end"><p><button>End this box \u2026</button></p></form>
          <p class="note">Both first ask for the token and say what they would do.</p>
          </section>
          """);

  private ButtonsSection() {}

  static Html of(boolean shown) {
    return shown ? BUTTONS : Html.NOTHING;
  }
}
