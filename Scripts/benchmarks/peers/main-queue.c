// Stands in for libdispatch's dispatch_main, to be preloaded. The real one ends the main thread, at which valgrind 3.19
// crashes; this one serves the main queue on it, as CoreFoundation's run loop does.
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

int _dispatch_get_main_queue_handle_4CF(void);
void _dispatch_main_queue_callback_4CF(void *message);

__attribute__((noreturn)) void dispatch_main(void) {
    struct pollfd queue = {.fd = _dispatch_get_main_queue_handle_4CF(), .events = POLLIN};
    for (;;) {
        uint64_t count;
        if (poll(&queue, 1, 1000) == 1 && read(queue.fd, &count, sizeof count) < 0) continue;
        _dispatch_main_queue_callback_4CF(0);
    }
}
