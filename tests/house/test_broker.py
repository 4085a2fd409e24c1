"""The filesystem broker: nothing half-written is read, nothing is taken twice, nothing lost ends a worker."""

import threading
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue

from communitycrm import broker

TICKS = Queue("ticks", Exchange("ticks", "direct"), routing_key="ticks")


@pytest.fixture
def folder(tmp_path):
    broker.Transport.global_state.clear()  # a process remembers what it bound; here each test is a start of its own
    return tmp_path / "broker"


@pytest.fixture
def connection(folder):
    with Connection("files://localhost//", transport_options=broker.options(folder)) as connection:
        yield connection


def send(connection, *bodies):
    with connection.Producer() as producer:
        for body in bodies:
            producer.publish(body, exchange=TICKS.exchange, routing_key="ticks", declare=[TICKS])


def receive(connection):
    """The body of the oldest message; raises Empty when none is there."""
    queue = connection.SimpleQueue(TICKS)
    try:
        message = queue.get(block=False)
        message.ack()
        return message.payload
    finally:
        queue.close()


def test_messages_come_out_in_the_order_in_which_they_went_in(connection):
    send(connection, {"n": 1}, {"n": 2})
    assert [receive(connection)["n"], receive(connection)["n"]] == [1, 2]
    with pytest.raises(Empty):
        receive(connection)


def test_a_message_that_is_still_being_written_is_not_read(connection, folder):
    send(connection, {"n": 1})
    receive(connection)
    (folder / "messages/.00000000000000000001_a.ticks.msg.new").write_text('{"half')
    with pytest.raises(Empty):
        receive(connection)


def test_an_unreadable_message_is_dropped_and_the_next_one_read(connection, folder):
    (folder / "messages/00000000000000000001_a.ticks.msg").write_text('{"half')
    send(connection, {"n": 2})
    assert receive(connection) == {"n": 2}
    assert list((folder / "messages").iterdir()) == list((folder / "taken").iterdir()) == []


def test_a_message_of_another_queue_stays_where_it_is(connection, folder):
    other = folder / "messages/00000000000000000001_a.other.msg"
    other.write_text("{}")
    with pytest.raises(Empty):
        receive(connection)
    assert other.exists()


def test_two_workers_never_take_the_same_message(folder):
    options = broker.options(folder)
    with Connection("files://localhost//", transport_options=options) as writer:
        send(writer, *({"n": n} for n in range(40)))
    taken, both_ready = [], threading.Barrier(2)

    def work():
        with Connection("files://localhost//", transport_options=options) as reader:
            both_ready.wait()
            while True:
                try:
                    taken.append(receive(reader)["n"])
                except Empty:
                    return

    workers = [threading.Thread(target=work) for _ in range(2)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert sorted(taken) == list(range(40))


def test_processes_that_bind_the_same_queue_at_once_all_succeed(folder):
    options, problems, ready = broker.options(folder), [], threading.Barrier(8)

    def bind(number):
        try:
            with Connection("files://localhost//", transport_options=options) as connection:
                ready.wait()
                queue = Queue(f"queue{number}", Exchange("shared", "direct"), routing_key=f"queue{number}")
                queue(connection.default_channel).declare()
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test shows it
            problems.append(problem)

    binders = [threading.Thread(target=bind, args=(number,)) for number in range(8)]
    [binder.start() for binder in binders]
    [binder.join() for binder in binders]
    with Connection("files://localhost//", transport_options=options) as connection:
        bound = {row.queue for row in connection.default_channel.get_table("shared")}
    assert problems == []
    assert bound == {f"queue{number}" for number in range(8)}
