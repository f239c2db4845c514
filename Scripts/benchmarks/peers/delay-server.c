/* Responds to each POST with a group of the name and rank that were sent and to each GET with an empty list, a fixed
 * time after it came: a server at the end of a long line.
 *
 *   delay-server MILLISECONDS      prints its port once it serves on 127.0.0.1; ends when its standard input does
 *
 * One thread, epoll. The delay is the same for all, so responses are due in the order in which requests came, and a
 * ring is all the timer it needs. A request is a head of at most BUFFER_BYTES with its body; one at a time on each
 * connection. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 16384
#define BUFFER_BYTES 4096
#define RING_ENTRIES (CONNECTIONS_MAX * 2)

struct connection {
    uint32_t generation; /* counts the connections that had this descriptor */
    uint32_t used;
    char buffer[BUFFER_BYTES];
};

struct due {
    int64_t at;
    int descriptor;
    uint32_t generation;
    int is_list;
};

static struct connection connections[CONNECTIONS_MAX];
static struct due ring[RING_ENTRIES];
static size_t ring_head, ring_tail;
static int64_t now_microseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static const char list[] =
    "{\"status\":{\"success\":true,\"code\":12013,\"message\":\"Get all groups fetched successfully\"},"
    "\"groupRoList\":[],"
    "\"pagingDto\":{\"last\":true,\"totalElements\":0,\"totalPages\":0,\"numberOfElements\":0,\"first\":true,"
    "\"size\":10,\"number\":0}}";

/* The group that a request in `buffer` asks for, created now. */
static int make_group(const char *buffer, char *body, size_t bytes) {
    static int64_t id;
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    long long milliseconds = (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
    const char *name = strstr(buffer, "\"name\":\""), *end = name;
    if (name) name += 8, end = strchr(name, '"');
    int length = name && end ? (int)(end - name) : 0;
    const char *rank = strstr(buffer, "\"rank\":");
    long value = rank ? strtol(rank + 7, NULL, 10) : 0;
    return snprintf(body, bytes,
                    "{\"id\":%lld,\"orgId\":100737,\"name\":\"%.*s\",\"rank\":%ld,\"isActive\":true,"
                    "\"createdBy\":75006,"
                    "\"createdOn\":%lld,\"createdOnDateTime\":\"2025-03-17T02:58:47Z\",\"lastUpdatedBy\":75006,"
                    "\"lastUpdatedOn\":%lld,\"lastUpdatedOnDateTime\":\"2025-03-17T02:58:47Z\"}",
                    (long long)++id, length, name ? name : "", value, milliseconds, milliseconds);
}

static void drop(int descriptor) {
    connections[descriptor].generation++;
    connections[descriptor].used = 0;
    close(descriptor);
}

/* Whether the buffer holds a whole request; then it is emptied. */
static int takes_request(struct connection *connection) {
    connection->buffer[connection->used] = 0;
    char *end = strstr(connection->buffer, "\r\n\r\n");
    if (!end) return 0;
    size_t head = (size_t)(end - connection->buffer) + 4, body = 0;
    char *length = strcasestr(connection->buffer, "\r\ncontent-length:");
    if (length && length < end) body = strtoul(length + 17, NULL, 10);
    if (connection->used < head + body) return 0;
    connection->used = 0;
    return 1;
}

static void receive(int descriptor, int64_t delay) {
    struct connection *connection = &connections[descriptor];
    ssize_t count = recv(descriptor, connection->buffer + connection->used, BUFFER_BYTES - 1 - connection->used, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return drop(descriptor);
    connection->used += (uint32_t)count;
    if (!takes_request(connection)) {
        if (connection->used >= BUFFER_BYTES - 1) drop(descriptor);
        return;
    }
    if (ring_tail - ring_head == RING_ENTRIES) return drop(descriptor);
    ring[ring_tail++ % RING_ENTRIES] = (struct due){now_microseconds() + delay, descriptor, connection->generation,
                                           connection->buffer[0] == 'G'};
}

static void accept_all(int listener, int poll) {
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) return;
        if (descriptor >= CONNECTIONS_MAX) {
            close(descriptor);
            continue;
        }
        int on = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
        epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
    }
}

static void respond_due(void) {
    int64_t now = now_microseconds();
    for (; ring_head != ring_tail && ring[ring_head % RING_ENTRIES].at <= now; ring_head++) {
        struct due *due = &ring[ring_head % RING_ENTRIES];
        if (connections[due->descriptor].generation != due->generation) continue;
        char group[BUFFER_BYTES + 512], response[BUFFER_BYTES + 1024];
        const char *body = list;
        if (!due->is_list) {
            make_group(connections[due->descriptor].buffer, group, sizeof group);
            body = group;
        }
        int bytes = snprintf(response, sizeof response,
                             "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                             strlen(body), body);
        /* A client that waits for its response has room for it. */
        if (send(due->descriptor, response, (size_t)bytes, MSG_NOSIGNAL) != bytes) drop(due->descriptor);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) return fprintf(stderr, "usage: delay-server MILLISECONDS\n"), 64;
    int64_t delay = atoll(argv[1]) * 1000;
    struct rlimit files = {CONNECTIONS_MAX, CONNECTIONS_MAX};
    setrlimit(RLIMIT_NOFILE, &files);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) || listen(listener, 4096) ||
        getsockname(listener, (struct sockaddr *)&address, &length))
        return perror("delay-server"), 1;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event events[512], event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    event.data.fd = STDIN_FILENO;
    epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
    for (;;) {
        int count = epoll_wait(poll, events, 512, ring_head == ring_tail ? -1 : 1);
        for (int index = 0; index < count; index++) {
            int descriptor = events[index].data.fd;
            if (descriptor == STDIN_FILENO) return 0;
            if (descriptor == listener) accept_all(listener, poll);
            else receive(descriptor, delay);
        }
        respond_due();
    }
}
