package com.amazonaws.jobprocessor.client.send;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackLine;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackerTest {
  private static Job job(int line, String definition) {
    return new Job(
        "a-" + line,
        line,
        new OutgoingMessage(definition, Map.of("job_id", Attribute.of("a-" + line))));
  }

  private static List<Parcel> packAll(Packer packer, List<String> definitions) {
    List<Parcel> all = new ArrayList<>();
    for (int i = 0; i < definitions.size(); i++) {
      all.addAll(packer.add(job(i + 1, definitions.get(i))));
    }
    all.addAll(packer.rest());
    assertTrue(packer.isEmpty());
    return all;
  }

  private static List<Integer> sizes(List<Parcel> parcels) {
    return parcels.stream().map(one -> one.jobs().size()).toList();
  }

  private static List<String> jobs(int count) {
    return IntStream.range(0, count).mapToObj(i -> "job " + i).toList();
  }

  @Test
  void jobs_share_messages_in_their_order_and_the_rest_is_a_smaller_one() throws Exception {
    List<String> jobs = jobs(25);

    List<Parcel> parcels = packAll(new Packer(PackSize.exactly(10), false), jobs);

    assertEquals(List.of(10, 10, 5), sizes(parcels));
    List<String> bodies = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (Parcel parcel : parcels) {
      Map<String, Attribute> attributes = parcel.message().attributes();
      assertEquals(Set.of("job_pack", "job_count"), attributes.keySet());
      assertEquals(Attribute.of("1"), attributes.get("job_pack"));
      Attribute count = requireNonNull(attributes.get("job_count"));
      assertEquals("Number", count.dataType());
      assertEquals("" + parcel.jobs().size(), count.text());
      for (PackLine line : PackLine.split(parcel.message().body())) {
        JobLine job = JobLine.read(line.text());
        bodies.add(job.body());
        ids.add(job.jobId());
      }
    }
    assertEquals(jobs, bodies);
    assertEquals(IntStream.rangeClosed(1, 25).mapToObj(i -> "a-" + i).toList(), ids);
  }

  @Test
  void what_json_has_to_escape_comes_out_as_it_went_in() throws Exception {
    List<String> hostile =
        List.of("\"", "\\", "{\"a\":1}", "tab\there", "\u00e9\ud83d\ude00\u2028", "</script>", " ");

    Parcel parcel = packAll(new Packer(PackSize.exactly(1_000), true), hostile).getFirst();

    List<String> bodies = new ArrayList<>();
    for (PackLine line : PackLine.split(parcel.message().body())) {
      bodies.add(JobLine.read(line.text()).body());
    }
    assertEquals(hostile, bodies);
    assertEquals(Attribute.of("1"), parcel.message().attributes().get("result_pack"));
  }

  @Test
  void a_job_that_is_left_alone_is_no_pack() {
    List<Parcel> parcels = packAll(new Packer(PackSize.exactly(2), true), jobs(3));

    assertEquals(List.of(2, 1), sizes(parcels));
    assertEquals("job 2", parcels.getLast().message().body());
    assertEquals(Set.of("job_id"), parcels.getLast().message().attributes().keySet());
    assertEquals(List.of(1, 1), sizes(packAll(Packer.none(), jobs(2))));
  }

  @Test
  void no_message_is_larger_than_sqs_takes_or_than_pays() {
    List<String> jobs = IntStream.range(0, 100).mapToObj(i -> "\u00e9".repeat(15_000)).toList();
    for (PackSize size :
        List.of(
            PackSize.exactly(1_000),
            PackSize.exactly(1_000, 1_048_576),
            PackSize.lasting(1, 1_000_000))) {
      List<Parcel> parcels = packAll(new Packer(size, true), jobs);

      assertEquals(100, sizes(parcels).stream().mapToInt(n -> n).sum());
      assertTrue(parcels.stream().allMatch(one -> one.bytes() <= size.bytes()));
      assertTrue(parcels.getFirst().bytes() > size.bytes() - 31_000, "as many as fit");
    }
  }

  @Test
  void a_job_that_fits_no_pack_goes_alone_and_nothing_overtakes_it() {
    List<String> jobs = List.of("a", "b", "x".repeat(70_000), "c", "d", "\"".repeat(40_000), "e");

    List<Parcel> parcels = packAll(new Packer(PackSize.lasting(1, 1_000_000), false), jobs);

    assertEquals(List.of(2, 1, 2, 1, 1), sizes(parcels));
    assertEquals(
        IntStream.rangeClosed(1, 7).mapToObj(i -> (long) i).toList(),
        parcels.stream().flatMap(one -> one.jobs().stream()).map(Job::line).toList());
  }

  @Test
  void a_pointer_is_in_no_pack() {
    Packer packer = new Packer(PackSize.exactly(10), false);
    packer.add(job(1, "a"));

    List<Parcel> complete = packer.add(job(2, "large").pointing("[\"pointer\"]", 2_000_000));

    assertEquals(List.of(1, 1), sizes(complete));
    assertEquals("[\"pointer\"]", complete.getLast().message().body());
    assertFalse(complete.getLast().message().attributes().containsKey("job_pack"));
  }

  @Test
  void another_size_holds_from_the_next_pack_on() {
    Iterator<PackSize> sizes =
        IntStream.of(3, 3, 2, 4).mapToObj(PackSize::exactly).toList().iterator();

    assertEquals(List.of(3, 2, 4), sizes(packAll(new Packer(sizes::next, false), jobs(9))));
  }

  @Test
  void a_second_of_jobs_is_a_pack() {
    long many = 10_000_000;
    assertEquals(1_000, PackSize.lasting(0, many).jobs(0), "the most that a pack may have");
    assertEquals(1_000, PackSize.lasting(0.2, many).jobs(0));
    assertEquals(83, PackSize.lasting(12, many).jobs(0));
    assertEquals(2, PackSize.lasting(500, many).jobs(0));
    assertEquals(1, PackSize.lasting(501, many).jobs(0));
    assertEquals(1, PackSize.lasting(3_600_000, many).jobs(0));
    assertEquals(10, PackSize.cautious(many).jobs(0));
  }

  @Test
  void few_jobs_make_small_packs_so_that_no_box_idles() {
    for (int total : List.of(1, 99, 100, 250, 1_000, 12_345, 100_000, 1_000_000)) {
      List<Parcel> parcels =
          packAll(new Packer(PackSize.lasting(1, total), false), jobs(Math.min(total, 12_345)));
      assertTrue(
          parcels.size() >= Math.min(total, 12), total + " jobs make " + parcels.size() + " packs");
      assertEquals(Math.clamp(total / 100, 1, 1_000), parcels.getFirst().jobs().size());
    }
  }

  @Test
  void packs_of_a_pipe_grow_with_what_has_come() {
    List<Integer> sizes = sizes(packAll(new Packer(PackSize.lasting(1, 0), false), jobs(20_000)));

    assertEquals(1, sizes.getFirst());
    assertTrue(sizes.size() >= 100, "" + sizes.size());
    assertTrue(sizes.size() < 1_000, "" + sizes.size());
    int before = 0;
    for (int size : sizes.subList(0, sizes.size() - 1)) {
      assertEquals(Math.max(1, before / 100), size);
      before += size;
    }
  }
}
