/** A room that can be booked. */
export interface RoomSeed {
  readonly name: string;
  readonly email: string;
}

/** A list of rooms, such as those of one building. */
export interface RoomListSeed extends RoomSeed {
  readonly rooms: readonly RoomSeed[];
}

/** The room lists every new emulator starts with. */
export const DEFAULT_ROOM_LISTS: readonly RoomListSeed[] = [
  {
    name: 'Head office',
    email: 'head-office-rooms@corp.example',
    rooms: [
      { name: 'Room Elbe', email: 'room-elbe@corp.example' },
      { name: 'Room Spree', email: 'room-spree@corp.example' },
    ],
  },
];
