"""The mixin of every service: it keeps a copy of the directory, by which it decides calls of persons."""
from __future__ import annotations

from shared_components.bus.server.feed_following import FeedFollowing, FollowedFeed
from shared_components.bus.server.process_copies import DIRECTORY

PRODUCER = "identity"


class DirectoryFollowing(FeedFollowing):
    """Keeps the copy of the directory: apps, memberships, departments, keys, ended sessions."""

    follows = (FollowedFeed(PRODUCER, DIRECTORY),)
