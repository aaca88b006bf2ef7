// A client of the bus by docs/wire-format.md: node call.mjs URL SERVICE CALLS, where CALLS is a JSON list of calls.
// It prints the replies by their ids, or {"returned": routing key} when no such service has ever run.
import amqp from "amqplib";

const [url, service, text] = process.argv.slice(2);
const calls = JSON.parse(text);
const connection = await amqp.connect(url);
const channel = await connection.createConfirmChannel();
const answered = {};
const done = new Promise((resolve) => {
  channel.on("return", (message) => resolve({ returned: message.fields.routingKey }));
  channel.consume("amq.rabbitmq.reply-to", (message) => {
    if (message.properties.contentType !== "application/vnd.zhongtai.replies+json") return;
    for (const reply of JSON.parse(message.content.toString("utf8"))) answered[reply.id] = reply.result ?? reply.error;
    if (Object.keys(answered).length === calls.length) resolve(answered);
  }, { noAck: true }).then(() => channel.publish(
    "nameko-rpc", `${service}.calls`, Buffer.from(JSON.stringify(calls)), {
      contentType: "application/vnd.zhongtai.calls+json", replyTo: "amq.rabbitmq.reply-to", mandatory: true,
      deliveryMode: 1, expiration: "10000", userId: decodeURIComponent(new URL(url).username),
    }));
});
console.log(JSON.stringify(await done));
await connection.close();
