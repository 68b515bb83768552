#include "page/html_events.h"

#include <errno.h>
#include <unistd.h>

static void write_all(struct html_sender *sender, const char *bytes, size_t len)
{
    while (len > 0 && !sender->failed) {
        ssize_t written = write(sender->fd, bytes, len);
        if (written >= 0) {
            bytes += written;
            len -= (size_t)written;
        } else if (errno != EINTR) {
            sender->failed = true;
        }
    }
}

void html_send_rest(struct html_sender *sender)
{
    write_all(sender, sender->room, sender->used);
    sender->used = 0;
}

static void send_bytes(struct html_sender *sender, const void *bytes, size_t len)
{
    if (len > sizeof sender->room - sender->used)
        html_send_rest(sender);
    if (len > sizeof sender->room) {
        write_all(sender, bytes, len);
    } else if (len > 0) {
        memcpy(sender->room + sender->used, bytes, len);
        sender->used += len;
    }
}

void html_send(struct html_sender *sender, enum html_event_kind kind, unsigned detail,
               struct slice name, struct slice value)
{
    struct html_event event;
    memset(&event, 0, sizeof event); /* no bytes of the stack between the members */
    event.kind = (uint8_t)kind;
    event.detail = (uint8_t)detail;
    event.name_len = (uint32_t)name.len;
    event.value_len = (uint32_t)value.len;
    send_bytes(sender, &event, sizeof event);
    send_bytes(sender, name.ptr, name.len);
    send_bytes(sender, value.ptr, value.len);
}

void html_receiver_init(struct html_receiver *receiver, int fd, size_t max)
{
    *receiver = (struct html_receiver){.fd = fd};
    buf_init(&receiver->bytes, max);
}

void html_receiver_finish(struct html_receiver *receiver)
{
    buf_finish(&receiver->bytes);
}

enum { READ = 1 << 16 };

/* Has `len` bytes at receiver->at; reads more where there are fewer. */
static bool have(struct html_receiver *receiver, size_t len)
{
    struct buf *bytes = &receiver->bytes;
    if (bytes->len - receiver->at < len && receiver->at > 0) {
        bytes->len -= receiver->at;
        memmove(bytes->ptr, bytes->ptr + receiver->at, bytes->len);
        receiver->at = 0;
    }
    while (bytes->len - receiver->at < len) {
        if (!buf_reserve(bytes, READ))
            return false;
        ssize_t count = read(receiver->fd, bytes->ptr + bytes->len, READ);
        if (count > 0)
            bytes->len += (size_t)count;
        else if (count == 0 || errno != EINTR)
            return false;
    }
    return true;
}

bool html_receive(struct html_receiver *receiver, struct html_event *event_out,
                  struct slice *name_out, struct slice *value_out)
{
    if (!have(receiver, sizeof *event_out))
        return false;
    memcpy(event_out, receiver->bytes.ptr + receiver->at, sizeof *event_out);
    size_t name = event_out->name_len;
    size_t value = event_out->value_len;
    if (!have(receiver, sizeof *event_out + name + value))
        return false;
    const char *from = receiver->bytes.ptr + receiver->at + sizeof *event_out;
    *name_out = slice_make(from, name);
    *value_out = slice_make(from + name, value);
    receiver->at += sizeof *event_out + name + value;
    return true;
}
