package dev.caravan.service;

import dev.caravan.chat.Cancellation;
import dev.caravan.chat.ChatRequest;
import dev.caravan.chat.Outcome;
import dev.caravan.plan.Ask;
import dev.caravan.plan.Asker;
import dev.caravan.plan.Failures;

/**
 * One question to a model on behalf of an errand, asked as a request of its own that can be let go without the others. Used by
 * one thread at a time; it may be let go by any.
 */
public final class Question implements Asker {

    private final Errand errand;
    private final int number;
    private final Ask ask;
    private final Cancellation.Registration registration;
    private boolean begun;

    /** @param number of the part that it is about, from 1; 0 where it is about the whole */
    Question(Errand errand, ChatRequest request, int number) {
        this.errand = errand;
        this.number = number;
        var wanted = new Cancellation();
        var whole = errand.whole().cancellation();
        this.registration = whole.onCancel(() -> {
            var why = whole.reason();
            wanted.cancel(why == null ? Cancellation.Reason.NOT_NEEDED : why);
        });
        this.ask = errand.whole().on(request, wanted, errand.whole().remaining(), this);
    }

    /** The errand it belongs to. */
    public Errand errand() {
        return errand;
    }

    int number() {
        return number;
    }

    Ask ask() {
        return ask;
    }

    /** Waits until fewer are asked than may be at once; gives what is to be asked, by the path of every request. */
    public Ask begin() {
        begun = number == 0 || errand.awaitPlace();
        var reason = ask.cancellation().reason();
        if (!begun || reason != null) {
            ask.settle(new Outcome.Failed(Failures.cancelled(reason == null ? Cancellation.Reason.DEADLINE : reason)));
        }
        return ask;
    }

    /** It has its answer, good or bad. */
    public Question end() {
        registration.close();
        if (begun && number > 0) {
            errand.leavePlace();
        }
        errand.ended(this);
        return this;
    }

    /** It is not wanted any more; a call that is being made is let go at once. */
    void letGo() {
        ask.cancellation().cancel(Cancellation.Reason.NOT_NEEDED);
    }

    /** The answer's text; empty where there is none. */
    String text() {
        if (ask.outcome() instanceof Outcome.Answered(var response)) {
            var refusal = response.choices().getFirst().message().refusal();
            return response.text().isEmpty() && refusal != null ? refusal : response.text();
        }
        return "";
    }
}
