export { encodeReservesFolder, signReserves, type ReservesFiles, type ReservesSigner } from './folder.js';
