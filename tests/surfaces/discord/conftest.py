"""The loopback Discord, for every test here that talks."""

from tests.loopback.fixtures import discord as discord
