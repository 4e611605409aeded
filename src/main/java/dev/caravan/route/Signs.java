package dev.caravan.route;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the words of a request say of the kind of work it asks for. Counted, not understood.
 *
 * @param code words of programming
 * @param maths words of calculation
 * @param reasoning words that ask to think
 * @param writing words that ask for prose
 * @param summary words that ask for a summary
 * @param translation words that ask for a translation
 * @param extraction words that ask to pick out or sort
 * @param greeting words of politeness
 * @param shape what else the text is made of
 */
record Signs(
        int code,
        int maths,
        int reasoning,
        int writing,
        int summary,
        int translation,
        int extraction,
        int greeting,
        Shape shape) {

    private static final int KINDS = 8;

    private static final Wordlist WORDS = words(
            List.of(
                    entry(
                            0,
                            "code,function,class,bug,debug,python,java,javascript,typescript,rust,golang,kotlin,sql,regex,"
                                    + "implement,compile,compiler,stacktrace,stack trace,refactor,algorithm,api,unit test,exception,script,"
                                    + "html,css,json schema,kubernetes,docker,git,program,thread,null pointer,def,return,import,const"),
                    entry(
                            1,
                            "calculate,compute,solve,equation,integral,derivative,integrate,differentiate,matrix,probability,sum,"
                                    + "how many,how much,percent,fraction,divide,multiply,polynomial,theorem,prime,square root,average"),
                    entry(
                            2,
                            "prove,proof,derive,deduce,infer,analyze,analyse,analysis,evaluate,compare,contrast,critique,argue,"
                                    + "justify,reason,reasoning,design,architecture,strategy,plan,optimize,optimise,trade offs,tradeoffs,"
                                    + "trade off,step by,diagnose,root cause,pros and,implications,hypothesis,explain why,why does,think"),
                    entry(
                            3,
                            "poem,story,essay,song,lyrics,haiku,limerick,novel,blog,slogan,letter,email,joke,rewrite,rephrase"),
                    entry(4, "summarize,summarise,summary,tldr,tl dr,key points,shorten,condense"),
                    entry(5, "translate,translation,translated"),
                    entry(6, "extract,classify,categorize,categorise,label,tag,list all,entities,sentiment"),
                    entry(
                            7,
                            "hello,hi,hey,thanks,thank you,bye,goodbye,good morning,good evening,how are,ok,okay,cool,welcome")));

    /** Looks at a text, of a long one at where it begins. */
    static Signs in(String text) {
        var counts = new int[KINDS];
        var shape = new Shape(text, 0, Math.min(text.length(), Features.LONGEST_TEXT), WORDS, counts);
        return new Signs(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7], shape);
    }

    /** The kind of work, of a question that shows no picture. */
    TaskType type(boolean choice, boolean fenced) {
        if (choice) {
            return TaskType.QUESTION;
        }
        if (translation > 0) {
            return TaskType.TRANSLATION;
        }
        if (summary > 0) {
            return TaskType.SUMMARIZATION;
        }
        if (fenced || code >= 2 || (code > 0 && shape.codeMarks > 0)) {
            return TaskType.CODE;
        }
        if (shape.numbers >= 2 && (maths > 0 || shape.operators > 0 || shape.currencies > 0) || maths >= 2) {
            return TaskType.MATH;
        }
        if (reasoning > 0) {
            return TaskType.REASONING;
        }
        if (extraction > 0) {
            return TaskType.EXTRACTION;
        }
        if (writing > 0) {
            return TaskType.WRITING;
        }
        if (code > 0) {
            return TaskType.CODE;
        }
        return greeting > 0 && shape.words <= 12 && shape.numbers == 0 ? TaskType.CHAT : TaskType.QUESTION;
    }

    private static Wordlist words(List<Map.Entry<Integer, String>> kinds) {
        var words = new HashMap<String, Integer>();
        kinds.forEach(kind -> {
            for (var word : kind.getValue().split(",")) {
                words.putIfAbsent(word, kind.getKey());
            }
        });
        return new Wordlist(words);
    }
}
