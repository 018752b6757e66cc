package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.util.List;

/** The jobs of a run: how they get into the backlog, and what has to come of them. */
interface Load {
  /** How many jobs there are. */
  int jobs();

  /** Puts them into a queue. */
  void send(SqsServer server, String backlog);

  /** How many messages come of them in the results queue at least. */
  int leastResults();

  /** Compares what has come with what had to come. */
  Verdict judge(List<SqsServer.Sent> results);

  /** Each alone in its message. */
  record Single(List<String> texts) implements Load {
    @Override
    public int jobs() {
      return texts.size();
    }

    @Override
    public void send(SqsServer server, String backlog) {
      server.send(backlog, texts);
    }

    @Override
    public int leastResults() {
      return jobs();
    }

    @Override
    public Verdict judge(List<SqsServer.Sent> results) {
      return Verdict.of(Jobs.reversed(texts), results.stream().map(SqsServer.Sent::body).toList());
    }
  }
}
