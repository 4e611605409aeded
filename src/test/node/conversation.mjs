// Holds one conversation with each model named, by the `openai` and by the `ai` package, and prints what came: a JSON
// object a line. BASE_URL and API_KEY say whom to ask. The same conversation as ConversationTest has in Java.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, jsonSchema, streamText, tool } from 'ai';
import OpenAI from 'openai';

const baseURL = process.env.BASE_URL;
const apiKey = process.env.API_KEY;

const system = 'You know the weather.';
const question = 'Which city is this, and how warm is it there?';
const image =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const result = 'It has 18 degrees.';
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const description = 'How warm it is in a city';

async function withOpenAi(model) {
  const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
  const tools = [{ type: 'function', function: { name: 'get_weather', description, parameters } }];
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: [{ type: 'text', text: question }, { type: 'image_url', image_url: { url: image } }] },
  ];
  const asked = await client.chat.completions.create({ model, messages, tools, tool_choice: 'auto' });
  const { message, finish_reason: reason } = asked.choices[0];
  const call = message.tool_calls[0];
  messages.push(message, { role: 'tool', tool_call_id: call.id, content: result });

  const stream = await client.chat.completions.create({
    model,
    messages,
    tools,
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  let end;
  let used;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    end = chunk.choices[0]?.finish_reason ?? end;
    used = chunk.usage ?? used;
  }
  return [
    called(reason, call.function.name, JSON.parse(call.function.arguments)),
    spent(asked.usage.prompt_tokens, asked.usage.completion_tokens, asked.usage.total_tokens),
    `${end}: ${text}`,
    spent(used.prompt_tokens, used.completion_tokens, used.total_tokens),
  ];
}

async function withAi(name) {
  const model = createOpenAICompatible({ name: 'caravan', baseURL, apiKey, includeUsage: true })(name);
  const tools = { get_weather: tool({ description, inputSchema: jsonSchema(parameters) }) };
  const messages = [{ role: 'user', content: [{ type: 'text', text: question }, { type: 'image', image }] }];
  const asked = await generateText({ model, system, messages, tools, toolChoice: 'auto', maxRetries: 0 });
  const call = asked.toolCalls[0];
  const { toolCallId, toolName } = call;
  const output = { type: 'text', value: result };
  messages.push(...asked.response.messages, { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] });

  const streamed = streamText({ model, system, messages, tools, maxRetries: 0 });
  let text = '';
  for await (const piece of streamed.textStream) {
    text += piece;
  }
  const used = await streamed.usage;
  return [
    called(asked.finishReason.replace('-', '_'), toolName, call.input),
    spent(asked.usage.inputTokens, asked.usage.outputTokens, asked.usage.totalTokens),
    `${await streamed.finishReason}: ${text}`,
    spent(used.inputTokens, used.outputTokens, used.totalTokens),
  ];
}

const called = (reason, name, input) => `${reason}: ${name} ${JSON.stringify(input)}`;
const spent = (prompt, completion, total) => `${prompt} + ${completion} = ${total} tokens`;

async function refused() {
  const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
  try {
    await client.chat.completions.create({ model: 'no-such-model', messages: [{ role: 'user', content: 'x' }] });
    return ['no error'];
  } catch (error) {
    return [`${error.constructor.name} ${error.status} ${error.code} ${error.param}`];
  }
}

const print = (client, model, lines) => console.log(JSON.stringify({ client, model, lines }));
print('openai', 'no-such-model', await refused());
for (const model of process.argv.slice(2)) {
  print('openai', model, await withOpenAi(model));
  print('ai', model, await withAi(model));
}
