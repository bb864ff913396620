/** Every page by its name. `tab` is the entry of the bottom bar under which it stands. */

import { backup } from "./backup.js";
import { agree, bind, choosePin, welcome } from "./first_use.js";
import { form } from "./form.js";
import { chapter, guide } from "./guide.js";
import { alone, forgotten, lock } from "./lock.js";
import { line } from "./line.js";
import { list } from "./list.js";
import { more, newPin } from "./more.js";
import { person } from "./person.js";
import { pictures } from "./pictures.js";
import { today } from "./today.js";
import { visit } from "./visit.js";

/** A page: `load` gives its data, `draw` draws it, `leave` keeps what is not kept yet;
    one that `isReloaded` shows at once what has come from the server. */
export const VIEWS = {
  opening: { draw: () => null },
  welcome,
  bind,
  choosePin,
  agree,
  lock,
  forgotten,
  alone,
  today,
  list,
  person,
  form,
  visit,
  pictures,
  line,
  guide,
  chapter,
  more,
  newPin,
  backup,
};
