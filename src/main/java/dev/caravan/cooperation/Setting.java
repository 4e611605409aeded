package dev.caravan.cooperation;

import dev.caravan.catalog.Council;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Deadlines;

/**
 * What a session begins with.
 *
 * @param whole the request that the council answers
 * @param field what stands before the names of the council's fields where the request gave them
 */
record Setting(Ask whole, Council council, String field, Prompts.Texts prompts, Deadlines deadlines) {}
