// Works until it is killed: node worker.js BACKLOG RESULTS SLOTS
// Ten messages a receive, their ten results a send, and what the handler returns is deleted ten a call by sqs-consumer.
import { GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";

const BATCH = 10;
const [backlogName, resultsName, slots] = process.argv.slice(2);
// A consumer has one batch at a time in hand.
const consumers = Math.ceil(Number(slots) / BATCH);
// A consumer makes one call at a time; the SDK would open 50 connections at most.
const agent = { maxSockets: consumers };
const sqs = new SQSClient({ requestHandler: { httpAgent: agent, httpsAgent: agent } });

async function urlOf(name) {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  return QueueUrl;
}

function reverse(text) {
  return text.split("").reverse().join("");
}

const [backlog, results] = await Promise.all([urlOf(backlogName), urlOf(resultsName)]);

// Messages whose results SQS did not take are not returned: they stay in the backlog and come again.
async function handleBatch(messages) {
  const entries = messages.map((message, i) => ({ Id: String(i), MessageBody: reverse(message.Body) }));
  const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: results, Entries: entries }));
  const failed = new Set(Failed.map((entry) => entry.Id));
  return messages.filter((_, i) => !failed.has(String(i)));
}

for (let i = 0; i < consumers; i++) {
  const consumer = Consumer.create({
    sqs,
    queueUrl: backlog,
    batchSize: BATCH,
    waitTimeSeconds: 20,
    handleMessageBatch: handleBatch,
  });
  consumer.on("error", (error) => console.error(error));
  consumer.start();
}
